package dev.alambic.cli.report;

import java.io.StringWriter;
import java.util.Locale;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** Writes SVG 1.1 elements; every text is escaped, every number has a point. */
final class SvgDocument {
  private static final String NAMESPACE = "http://www.w3.org/2000/svg";

  private final StringWriter text = new StringWriter();
  private final XMLStreamWriter xml;

  /** Opens a document of this size in pixels, with this title for screen readers. */
  SvgDocument(int width, int height, String title, String style) {
    try {
      xml = XMLOutputFactory.newFactory().createXMLStreamWriter(text);
      xml.writeStartDocument("UTF-8", "1.0");
      xml.writeCharacters("\n");
      xml.writeStartElement("svg");
      xml.writeDefaultNamespace(NAMESPACE);
      attributes("viewBox", "0 0 " + width + " " + height, "width", width, "height", height);
      attributes("role", "img");
    } catch (XMLStreamException e) {
      throw new IllegalStateException(e);
    }
    element("title", title);
    element("style", style);
  }

  /** An element with text; attributes are names and values in turn. */
  SvgDocument element(String name, String content, Object... attributes) {
    try {
      xml.writeStartElement(name);
      attributes(attributes);
      xml.writeCharacters(content);
      xml.writeEndElement();
      xml.writeCharacters("\n");
      return this;
    } catch (XMLStreamException e) {
      throw new IllegalStateException(e);
    }
  }

  /** An element without content. */
  SvgDocument shape(String name, Object... attributes) {
    try {
      xml.writeEmptyElement(name);
      attributes(attributes);
      xml.writeCharacters("\n");
      return this;
    } catch (XMLStreamException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Ends the document and returns it. */
  String finish() {
    try {
      xml.writeEndDocument();
      xml.close();
      return text.toString();
    } catch (XMLStreamException e) {
      throw new IllegalStateException(e);
    }
  }

  private void attributes(Object... pairs) throws XMLStreamException {
    for (int i = 0; i < pairs.length; i += 2) {
      xml.writeAttribute(pairs[i].toString(), number(pairs[i + 1]));
    }
  }

  private static String number(Object value) {
    return value instanceof Double real
        ? String.format(Locale.ROOT, "%.1f", real)
        : String.valueOf(value);
  }
}
