"""What could break a chain: failures, the best answer to them, and the worst of them.

The attacker and the defender count the same thing. The defender operates what is left as a linear
model: he serves the demand that is looked at as far as he can, and among the ways to do so takes
the cheapest. Nothing is built meanwhile.
"""
