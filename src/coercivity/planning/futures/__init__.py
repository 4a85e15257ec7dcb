"""Futures of a case as scenarios of a plan: changed cases, cut where the scenario is learned."""
