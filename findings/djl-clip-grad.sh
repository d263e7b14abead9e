#!/usr/bin/env bash
# DJL 0.36.0, PyTorch engine 2.7.1 (CPU): an optimizer's optClipGrad(1) clips a gradient of 5 to 1 and leaves one of -5 as it is.
# Its documentation says: grad = max(min(grad, clipGrad), -clipGrad).
#
# Guess before: what the documentation says. Seen: 2026-12-01.
# What we do: clip by the global norm ourselves (trainer-image, torch/optimizer.py).
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cat >"$work/pom.xml" <<'XML'
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>findings</groupId>
  <artifactId>djl</artifactId>
  <version>1</version>
  <dependencies>
    <dependency>
      <groupId>ai.djl.pytorch</groupId>
      <artifactId>pytorch-engine</artifactId>
      <version>0.36.0</version>
    </dependency>
    <dependency>
      <groupId>ai.djl.pytorch</groupId>
      <artifactId>pytorch-jni</artifactId>
      <version>2.7.1-0.36.0</version>
    </dependency>
    <dependency>
      <groupId>ai.djl.pytorch</groupId>
      <artifactId>pytorch-native-cpu</artifactId>
      <version>2.7.1</version>
      <classifier>linux-x86_64</classifier>
    </dependency>
  </dependencies>
</project>
XML
cat >"$work/Clip.java" <<'JAVA'
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import java.util.Arrays;

public class Clip {
  public static void main(String[] arguments) {
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray weight = manager.create(new float[] {0, 0});
      NDArray gradient = manager.create(new float[] {5, -5});
      Optimizer.sgd().setLearningRateTracker(Tracker.fixed(1f)).optClipGrad(1f).build().update("w", weight, gradient);
      float[] step = weight.toFloatArray();
      System.out.println("gradient [5, -5], clipGrad 1, rate 1: weights " + Arrays.toString(step) + ", documented [-1.0, 1.0]");
      System.exit(Arrays.equals(step, new float[] {-1, 5}) ? 0 : 1);
    }
  }
}
JAVA
cd "$work"
mvn -q -B dependency:build-classpath -Dmdep.outputFile=classpath >&2
DJL_OFFLINE=true DJL_CACHE_DIR=$work/djl java -cp "$(<classpath)" Clip.java 2>"$work/log" || { cat "$work/log" >&2; exit 1; }
