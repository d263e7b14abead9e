package dev.alambic.saturation;

import dev.alambic.api.v1alpha1.SaturationState;

/** A state and the one line that says why. */
record Verdict(SaturationState state, String reason) {}
