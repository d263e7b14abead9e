#!/usr/bin/env bash
# DJL 0.36.0, PyTorch engine 2.7.1 (CPU): NDArray.toType cuts the autograd graph. The gradient of sum(x.toType(FLOAT64) * 2) with
# regard to x does not arrive at x, without a message. PyTorch's own tensor.to(dtype) is differentiable.
#
# Guess before: as in PyTorch, a gradient of 2. Seen: 2026-12-01.
# What we do: casts under autograd are in TorchScript (trainer-image, torch/*.py).
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
cat >"$work/Cast.java" <<'JAVA'
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.training.GradientCollector;
import java.util.Arrays;

public class Cast {
  static float[] gradient(boolean cast) {
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray x = manager.create(new float[] {1, 3});
      x.setRequiresGradient(true);
      NDArray two = manager.create(new float[] {2, 2});
      try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
        NDArray loss = x.mul(two).sum();
        if (cast) {
          // The plain term keeps the loss differentiable in any case.
          loss = loss.add(x.toType(DataType.FLOAT64, true).toType(DataType.FLOAT32, true).mul(two).sum());
        }
        collector.backward(loss);
      }
      return x.getGradient().toFloatArray();
    }
  }

  public static void main(String[] arguments) {
    float[] plain = gradient(false);
    float[] cast = gradient(true);
    System.out.println("gradient of sum(2 x): " + Arrays.toString(plain));
    System.out.println("gradient of sum(2 x) + sum(2 toType(x)): " + Arrays.toString(cast) + ", PyTorch's is [4.0, 4.0]");
    System.exit(Arrays.equals(plain, new float[] {2, 2}) && Arrays.equals(cast, new float[] {2, 2}) ? 0 : 1);
  }
}
JAVA
cd "$work"
mvn -q -B dependency:build-classpath -Dmdep.outputFile=classpath >&2
DJL_OFFLINE=true DJL_CACHE_DIR=$work/djl java -cp "$(<classpath)" Cast.java 2>"$work/log" || { cat "$work/log" >&2; exit 1; }
