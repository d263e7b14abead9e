package dev.alambic.teacher;

import dev.alambic.run.RunSpec;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;

/** Lets in who shows the token; nothing that others send is read. */
final class TokenGate implements ServerInterceptor {
  private static final String WHOM =
      ": this teacher answers the trainer of its own job (" + RunSpec.TEACHER_TOKEN_VARIABLE + ")";
  private static final Status NOTHING_SHOWN =
      Status.UNAUTHENTICATED.withDescription("the request shows no token" + WHOM);
  private static final Status ANOTHER_SHOWN =
      Status.UNAUTHENTICATED.withDescription("the request shows another token" + WHOM);

  private final TeacherToken token;

  TokenGate(TeacherToken token) {
    this.token = token;
  }

  @Override
  public <Q, R> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
    if (token.admits(headers)) {
      return next.startCall(call, headers);
    }
    call.close(TeacherToken.isShownIn(headers) ? ANOTHER_SHOWN : NOTHING_SHOWN, new Metadata());
    return new ServerCall.Listener<>() {};
  }
}
