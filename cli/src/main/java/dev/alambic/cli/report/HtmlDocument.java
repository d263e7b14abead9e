package dev.alambic.cli.report;

import java.io.StringWriter;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** Writes HTML that is well-formed XML too; every text is escaped. */
final class HtmlDocument {
  private final StringWriter text = new StringWriter();
  private final XMLStreamWriter xml;

  /** Opens a page with this title and style sheet; nothing is ever loaded. */
  HtmlDocument(String title, String style) {
    text.write("<!DOCTYPE html>\n");
    try {
      xml = XMLOutputFactory.newFactory().createXMLStreamWriter(text);
    } catch (XMLStreamException e) {
      throw new IllegalStateException(e);
    }
    open("html", "lang", "en");
    open("head");
    write(() -> xml.writeEmptyElement("meta"));
    write(() -> xml.writeAttribute("charset", "utf-8"));
    element("title", title);
    element("style", style);
    close();
    open("body");
  }

  /** Opens an element; attributes are names and values in turn. */
  void open(String name, String... attributes) {
    write(() -> xml.writeStartElement(name));
    for (int i = 0; i < attributes.length; i += 2) {
      String attribute = attributes[i];
      String value = attributes[i + 1];
      write(() -> xml.writeAttribute(attribute, value));
    }
  }

  /** Closes the element that was opened last. */
  void close() {
    write(xml::writeEndElement);
    write(() -> xml.writeCharacters("\n"));
  }

  /** An element with text. */
  void element(String name, String content) {
    open(name);
    write(() -> xml.writeCharacters(content));
    close();
  }

  /** Puts in what another writer made, as it is. */
  void insert(String wellFormed) {
    write(() -> xml.writeCharacters("\n"));
    write(xml::flush);
    text.write(wellFormed);
  }

  /** Ends the page and returns it. */
  String finish() {
    write(xml::writeEndDocument);
    write(xml::close);
    return text.toString();
  }

  /** One step of the writer, whose exception can only be a bug: it writes to memory. */
  private interface Step {
    void run() throws XMLStreamException;
  }

  private static void write(Step step) {
    try {
      step.run();
    } catch (XMLStreamException e) {
      throw new IllegalStateException(e);
    }
  }
}
