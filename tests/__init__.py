"""Tests of the house as a whole: its architecture, journeys through it, faults, and shared fakes."""
