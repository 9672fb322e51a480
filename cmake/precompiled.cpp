// Carries the precompiled headers, which must belong to a target with a source.
