package dev.alambic.teacher;

import com.google.protobuf.Message;
import dev.alambic.teacher.TeacherProto.DescribeRequest;
import dev.alambic.teacher.TeacherProto.Description;
import dev.alambic.teacher.TeacherProto.ScoreReply;
import dev.alambic.teacher.TeacherProto.ScoreRequest;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.protobuf.ProtoUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** The methods of {@code teacher.proto}'s service. */
final class TeacherMethods {
  static final String SERVICE = "alambic.teacher.v1.Teacher";

  static final MethodDescriptor<DescribeRequest, Description> DESCRIBE =
      unary("Describe", DescribeRequest.getDefaultInstance(), Description.getDefaultInstance());

  static final MethodDescriptor<ScoreRequest, ScoreReply> SCORE =
      unary("Score", ScoreRequest.getDefaultInstance(), ScoreReply.getDefaultInstance());

  /** Most bytes of one message: a reply of dense signals is the largest. */
  static final int MAX_MESSAGE_BYTES = 256 << 20;

  private TeacherMethods() {}

  /**
   * The method as a server takes it: requests as bytes. gRPC would answer one that is not a message
   * with UNKNOWN, and write a stack trace for the caller's mistake.
   */
  static <R> MethodDescriptor<byte[], R> unread(MethodDescriptor<?, R> method) {
    return MethodDescriptor.<byte[], R>newBuilder()
        .setType(method.getType())
        .setFullMethodName(method.getFullMethodName())
        .setRequestMarshaller(new Bytes())
        .setResponseMarshaller(method.getResponseMarshaller())
        .build();
  }

  private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static <Q extends Message, R extends Message> MethodDescriptor<Q, R> unary(
      String name, Q request, R reply) {
    return MethodDescriptor.<Q, R>newBuilder()
        .setType(MethodType.UNARY)
        .setFullMethodName(MethodDescriptor.generateFullMethodName(SERVICE, name))
        .setRequestMarshaller(ProtoUtils.marshaller(request))
        .setResponseMarshaller(ProtoUtils.marshaller(reply))
        .build();
  }
}
