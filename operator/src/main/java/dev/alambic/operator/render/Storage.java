package dev.alambic.operator.render;

import dev.alambic.api.v1alpha1.CheckpointSpec;
import dev.alambic.api.v1alpha1.DistillationJob;
import dev.alambic.api.v1alpha1.DistillationJobSpec;
import dev.alambic.api.v1alpha1.SignalCacheSpec;
import dev.alambic.api.v1alpha1.SignalSpec;
import dev.alambic.api.v1alpha1.TeacherRuntime;
import dev.alambic.api.v1alpha1.TeacherSpec;
import dev.alambic.api.v1alpha1.VolumeSpec;
import dev.alambic.operator.plan.Offline;
import dev.alambic.operator.plan.Placement;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Where a job's model, data and results lie: in which claim, and where the pods see it. */
public final class Storage {
  private Storage() {}

  /**
   * Where things lie, as the pods see them. A claim may be shared by jobs: each has a folder of its
   * name.
   */
  public static Placement placement(DistillationJob job) {
    DistillationJobSpec spec = job.getSpec();
    String teacher = path(Mount.Teacher, spec.teacher().model().uri());
    String run = Mount.Run.folder() + "/" + job.getMetadata().getName();
    return new Placement(
        new Placement.Models(
            teacher,
            teacher,
            spec.student().initFrom() == null
                ? null
                : path(Mount.InitFrom, spec.student().initFrom().uri()),
            run + "/student"),
        Offline.is(spec) ? List.of() : List.of(endpoint(job)),
        new Placement.Text(
            path(Mount.Data, spec.data().uri()),
            spec.data().validationUri() == null
                ? null
                : path(Mount.Validation, spec.data().validationUri()),
            run + "/tokens"),
        run + "/checkpoints",
        TrainerChildren.addresses(job),
        signals(job).isPresent() ? Mount.Signals.folder() : null);
  }

  /**
   * Where the teacher's replicas answer: the address of an HTTP server, or as gRPC names it, every
   * address of a headless Service.
   */
  public static String endpoint(DistillationJob job) {
    TeacherSpec teacher = job.getSpec().teacher();
    if (teacher.endpoint() != null) {
      return teacher.endpoint();
    }
    if (teacher.runtime() == TeacherRuntime.OpenAI) {
      return "http://%s.%s.svc:%d/v1"
          .formatted(Child.names(job).teacher(), job.getMetadata().getNamespace(), VllmServer.PORT);
    }
    return "dns:///%s.%s.svc:%d"
        .formatted(
            Child.names(job).teacher(), job.getMetadata().getNamespace(), TeacherChildren.PORT);
  }

  /** Where a user finds the finished student. */
  public static String modelUri(DistillationJob job) {
    return "pvc://" + claimName(job) + "/" + job.getMetadata().getName() + "/student";
  }

  /** The claim of checkpoints and student. */
  public static String claimName(DistillationJob job) {
    return volume(job).map(VolumeSpec::claimName).orElseGet(() -> Child.names(job).checkpoints());
  }

  /** The volume of checkpoints in the spec. */
  static Optional<VolumeSpec> volume(DistillationJob job) {
    return Optional.ofNullable(job.getSpec().checkpoint()).map(CheckpointSpec::volume);
  }

  /** The volume of the signal cache in the spec; empty if there is none. */
  static Optional<VolumeSpec> signals(DistillationJob job) {
    return Optional.ofNullable(job.getSpec().signal())
        .map(SignalSpec::cache)
        .map(SignalCacheSpec::volume);
  }

  /**
   * What cannot be mounted: one line for each field.
   *
   * @return {@code field: reason}; empty if all is well
   */
  public static List<String> problems(DistillationJob job) {
    return uris(job.getSpec()).entrySet().stream()
        .filter(uri -> Location.of(uri.getValue()).isEmpty())
        .map(
            uri ->
                "%s: %s can only be read on one machine: give pvc://CLAIM/PATH"
                    .formatted(field(uri.getKey()), uri.getValue()))
        .toList();
  }

  /** The claims to mount, by what they are for. */
  static Map<Mount, String> claims(DistillationJob job, Role role) {
    Map<Mount, String> claims = new EnumMap<>(Mount.class);
    uris(job.getSpec())
        .forEach((mount, uri) -> Location.of(uri).ifPresent(at -> claims.put(mount, at.claim())));
    claims.put(Mount.Run, claimName(job));
    signals(job)
        .ifPresent(
            volume ->
                claims.put(
                    Mount.Signals,
                    Objects.requireNonNullElse(volume.claimName(), Child.names(job).signals())));
    switch (role) {
      case Teacher -> claims.keySet().retainAll(List.of(Mount.Teacher));
      case Fill -> claims.remove(Mount.InitFrom);
      case Trainer -> {}
    }
    return claims;
  }

  private static Map<Mount, String> uris(DistillationJobSpec spec) {
    Map<Mount, String> uris = new EnumMap<>(Mount.class);
    uris.put(Mount.Teacher, spec.teacher().model().uri());
    uris.put(Mount.Data, spec.data().uri());
    if (spec.data().validationUri() != null) {
      uris.put(Mount.Validation, spec.data().validationUri());
    }
    if (spec.student().initFrom() != null) {
      uris.put(Mount.InitFrom, spec.student().initFrom().uri());
    }
    return uris;
  }

  private static String path(Mount mount, String uri) {
    return mount.folder() + Location.of(uri).map(Location::path).orElse("");
  }

  private static String field(Mount mount) {
    return switch (mount) {
      case Teacher -> "spec.teacher.model.uri";
      case Data -> "spec.data.uri";
      case Validation -> "spec.data.validationUri";
      case InitFrom -> "spec.student.initFrom.uri";
      case Run -> "spec.checkpoint.volume";
      case Signals -> "spec.signal.cache.volume";
    };
  }
}
