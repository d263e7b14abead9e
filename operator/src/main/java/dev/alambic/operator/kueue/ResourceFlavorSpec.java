package dev.alambic.operator.kueue;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.kubernetes.api.model.Toleration;
import java.util.List;
import java.util.Map;

/**
 * How pods get to a flavor's nodes.
 *
 * @param nodeLabels that the nodes have
 * @param tolerations that the pods get
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record ResourceFlavorSpec(Map<String, String> nodeLabels, List<Toleration> tolerations) {}
