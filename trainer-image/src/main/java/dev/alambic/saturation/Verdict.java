package dev.alambic.saturation;

import dev.alambic.api.v1alpha1.SaturationState;

/** A state and its reason in one line. */
record Verdict(SaturationState state, String reason) {}
