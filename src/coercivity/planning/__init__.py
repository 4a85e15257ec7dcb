"""What to build, where and when: decisions, risk, targets and what explains a plan."""
