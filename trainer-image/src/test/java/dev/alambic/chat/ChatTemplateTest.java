package dev.alambic.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.alambic.failure.RunException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Expected texts are what Python's Jinja gives, set up as transformers does. */
class ChatTemplateTest {
  private static final ChatMessage SYSTEM = new ChatMessage("system", "Be brief.");
  private static final ChatMessage QUESTION =
      new ChatMessage("user", " Is {{ x }} {% if %} it? \n");
  private static final ChatMessage ANSWER = new ChatMessage("assistant", "<t>hm</t>\n\nYes");

  @TempDir private Path folder;

  private ChatTemplate template(String text) throws IOException {
    Files.writeString(folder.resolve("chat_template.jinja"), text);
    Files.writeString(
        folder.resolve("tokenizer_config.json"),
        "{\"bos_token\": \"<s>\", \"eos_token\": {\"content\": \"</s>\"}}");
    return ChatTemplate.of(folder);
  }

  /** In the manner of Gemma: what a message says is no template. */
  @Test
  void rolesTrimAndTheAnswersBeginning() throws IOException {
    ChatTemplate gemma =
        template(
            """
            {{ bos_token }}{% for message in messages %}
            {% if (message['role'] == 'assistant') %}{% set role = 'model' %}
            {% else %}{% set role = message['role'] %}{% endif %}
            {{ '<turn>' + role + '\\n' + message['content'] | trim + '<end>' }}
            {% endfor %}
            {% if add_generation_prompt %}{{'<turn>model\\n'}}{% endif %}""");
    String asked = "<s><turn>user\nIs {{ x }} {% if %} it?<end>\n";
    assertThat(gemma.render(List.of(QUESTION), true)).isEqualTo(asked + "<turn>model\n");
    assertThat(gemma.render(List.of(QUESTION, ANSWER), false))
        .isEqualTo(asked + "<turn>model\n<t>hm</t>\n\nYes<end>\n");
  }

  /** In the manner of DeepSeek, of Granite and of Hunyuan. */
  @Test
  void whatTheLibraryReadsOtherwiseThanPython() throws IOException {
    assertThat(
            template(
                    """
                    {%- if not add_generation_prompt is defined -%}
                      {%- set add_generation_prompt = false -%}
                    {%- endif -%}
                    {%- if not messages[0].name is defined and not messages is string -%}
                      {{- 'unnamed' -}}
                    {%- endif -%}
                    {%- generation -%}
                      {{- '<{}|{}>'.format('a', 'b$1') -}}
                    {%- endgeneration %} not x is defined
                    {%- if add_generation_prompt -%}{{- '<answer>' -}}{%- endif -%}
                    """)
                .render(List.of(QUESTION), true))
        .isEqualTo("unnamed<a|b$1> not x is defined<answer>");
  }

  /** Else a run that is taken up on another day would read other prompts. */
  @Test
  void todayIsAlwaysTheSameDay() throws IOException {
    assertThat(
            template("{{ strftime_now('%d %b %Y') }}, {{ strftime_now('%B %d, %Y, %Y-%m-%d') }}")
                .render(List.of(QUESTION), true))
        .isEqualTo("26 Jul 2024, July 26, 2024, 2024-07-26");
  }

  /** In the manner of Qwen: namespaces, slices, Python's strings, trimmed blocks. */
  @Test
  void namespacesSlicesAndPythonsStrings() throws IOException {
    ChatTemplate qwen =
        template(
            """
            {%- set ns = namespace(seek=true, last=messages|length - 1) %}
            {%- for message in messages[::-1] %}
                {%- set index = (messages|length - 1) - loop.index0 %}
                {%- if ns.seek and message.role == "user" and not(message.content.startswith('<r>')) %}
                    {%- set ns.seek = false %}
                    {%- set ns.last = index %}
                {%- endif %}
            {%- endfor %}
            {%- for message in messages %}
                {%- if loop.first and message.role != 'system' %}
                    {{- '<sys>none</sys>' }}
                {%- endif %}
                {%- set content = message.content %}
                {%- if message.role == 'assistant' and '</t>' in content %}
                    {%- set content = content.split('</t>')[-1].lstrip('\\n') %}
                {%- endif %}
                {{- '<' + message.role + ('!' if loop.index0 == ns.last else '') + '>' + content }}
            {%- endfor %}
            {%- if add_generation_prompt and enable_thinking is not defined %}
                {{- '<assistant>' }}
            {%- endif %}
            """);
    assertThat(qwen.render(List.of(SYSTEM, QUESTION, ANSWER), false))
        .isEqualTo("<system>Be brief.<user!> Is {{ x }} {% if %} it? \n<assistant>Yes");
    assertThat(qwen.render(List.of(QUESTION), true))
        .isEqualTo("<sys>none</sys><user!> Is {{ x }} {% if %} it? \n<assistant>");
  }

  @Test
  void aTemplateRefusesInItsOwnWords() throws IOException {
    ChatTemplate strict =
        template(
            "{% if messages[0]['role'] == 'system' %}"
                + "{{ raise_exception('System role not supported') }}{% endif %}");
    assertThatThrownBy(() -> strict.render(List.of(SYSTEM), true))
        .isInstanceOf(RunException.class)
        .hasMessage("the chat template of %s: System role not supported", folder);
  }

  @Test
  void aTemplateThatIsNoneSaysWhere() throws IOException {
    ChatTemplate broken = template("{{ bos_token }}\n{% for %}");
    assertThatThrownBy(() -> broken.render(List.of(QUESTION), true))
        .isInstanceOf(RunException.class)
        .hasMessageStartingWith("the chat template of " + folder + ": line ");
  }

  @Test
  void theConfigurationMayHoldItOrNone() throws IOException {
    assertThat(ChatTemplate.of(folder)).isNull();
    Path config = folder.resolve("tokenizer_config.json");
    Files.writeString(config, "{\"chat_template\": \"one {{ messages[0].content }}\"}");
    assertThat(ChatTemplate.of(folder).render(List.of(SYSTEM), true)).isEqualTo("one Be brief.");
    Files.writeString(
        config,
        "{\"chat_template\": [{\"name\": \"rag\", \"template\": \"no\"},"
            + " {\"name\": \"default\", \"template\": \"two\"}]}");
    assertThat(ChatTemplate.of(folder).render(List.of(SYSTEM), true)).isEqualTo("two");
  }

  /** Refused by small limits, so that no input here could harm a library without them. */
  private ChatTemplate limited(String text) throws IOException {
    template(text);
    return ChatTemplate.of(folder, new TemplateLimits(400, 3, 6, 100, 10, Duration.ofSeconds(3)));
  }

  @Test
  void aTemplateThatTakesTooLongIsRefused() throws IOException {
    template("{% for a in range(3) %}{{ a }}{% endfor %}");
    TemplateLimits noTime = new TemplateLimits(400, 3, 6, 100, 10, Duration.ZERO);
    ChatTemplate late = ChatTemplate.of(folder, noTime);
    assertThatThrownBy(() -> late.render(List.of(QUESTION), true))
        .isInstanceOf(RunException.class)
        .hasMessage("the chat template of " + folder + ": it does not end in time");
  }

  @Test
  void aTemplateThatGrowsIsRefused() throws IOException {
    for (String growing :
        List.of(
            "{% set x = 'abcdefgh' %}" + "{% set x = x ~ x %}".repeat(4) + "{{ x }}",
            "{% set x = [1, 2] %}" + "{% set x = x + x %}".repeat(4) + "{{ x }}",
            "{% set x = 'abcdefgh' %}{{ [x, x, x, x, x, x, x, x, x, x] }}")) {
      assertThatThrownBy(() -> limited(growing).render(List.of(QUESTION), true))
          .as(growing.substring(0, 20))
          .isInstanceOf(RunException.class)
          .hasMessageStartingWith("the chat template of " + folder + ": line ");
    }
  }

  /** Filters that make a text of any width are off, also for a small one. */
  @Test
  void filtersOfAnyWidthAreOff() {
    for (String wide :
        List.of("{{ 'a'|center(3) }}", "{{ 'b'|indent(3) }}", "{{ '%3d'|format(1) }}")) {
      assertThatThrownBy(() -> template(wide).render(List.of(QUESTION), true))
          .as(wide)
          .isInstanceOf(RunException.class)
          .hasMessageStartingWith("the chat template of " + folder + ": line ");
    }
  }

  @Test
  void aTemplateThatIsNestedTooDeepIsRefused() throws IOException {
    for (String deep :
        List.of(
            "{{ ((((1)))) }}",
            "{% if 1 %}".repeat(4) + "{% endif %}".repeat(4),
            "{{ a|trim|trim|trim|trim|trim|trim|trim }}",
            "{% if not x.a.a.a.a.a.a.a is defined %}{% endif %}")) {
      assertThatThrownBy(() -> limited(deep).render(List.of(QUESTION), true))
          .as(deep)
          .isInstanceOf(RunException.class)
          .hasMessageContaining("nested too deep");
    }
    String shallow =
        "{# ((((( #}{% if 1 %}a{% endif %}".repeat(4)
            + "{{ '((((( ||||||||' }}{{ \"\\\"((((\" }}{{ {'a': [1] }['a'][0] }}";
    assertThat(limited(shallow).render(List.of(QUESTION), true))
        .isEqualTo("aaaa((((( ||||||||\"((((1");
  }

  @Test
  void aTemplateReadsNoOtherFile() throws IOException {
    ChatTemplate including = template("{% include 'logback.xml' %}");
    assertThatThrownBy(() -> including.render(List.of(QUESTION), true))
        .isInstanceOf(RunException.class)
        .hasMessageContaining("include");
  }

  /** Command R7B's indents the arguments of tools, of which there are none here. */
  @Test
  void aFilterThatIsOffMayStandWhereNothingIsCalled() throws IOException {
    ChatTemplate tools =
        template(
            "{% if messages[0].tool_calls %}{{- '{\\n'|indent(4, first=True) }}{% endif %}"
                + "{{ messages[0].content }}");
    assertThat(tools.render(List.of(SYSTEM), true)).isEqualTo("Be brief.");
  }

  @Test
  void whatIsNoTemplateFileIsRefusedByName() throws IOException {
    assertThatThrownBy(() -> template("x".repeat(300_000)))
        .isInstanceOf(RunException.class)
        .hasMessageContaining("longer than 262144 characters");
    Path file = folder.resolve("chat_template.jinja");
    Files.write(file, new byte[] {'a', (byte) 0xE9, 'b'});
    assertThatThrownBy(() -> ChatTemplate.of(folder))
        .isInstanceOf(RunException.class)
        .hasMessage(file + ": not UTF-8");
    Files.write(file, new byte[2 << 20]);
    assertThatThrownBy(() -> ChatTemplate.of(folder))
        .isInstanceOf(RunException.class)
        .hasMessage(file + ": larger than any template");
  }

  @Test
  void renderingEndsWithTheFirstError() throws IOException {
    ChatTemplate wrong = template("{% for a in range(3) %}{% no %}{% endfor %}");
    assertThatThrownBy(() -> wrong.render(List.of(QUESTION), true))
        .isInstanceOf(RunException.class)
        .hasMessageContaining("Unknown tag: no");
  }
}
