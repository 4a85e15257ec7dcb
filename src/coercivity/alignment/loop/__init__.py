"""Does it last: support raised and taken away, then dumping, over plants that open and close.

A plant opens at a higher support than the one at which it stops, so a chain keeps part of what
support built after support has ended. Drawn over the field, what is served makes a loop.

======================  ================================================================
file                    gives
======================  ================================================================
``relays``              plants as relays: where each opens, stops and restarts
``sweep``               branches of a loop, from threshold to threshold, without step error
``curves``              what is served on a branch: step functions, their mean and their areas
``measures``            saturation, remanence, retained share, half-loss dumping
``thresholds``          the support at which an owner opens, stops and restarts
``chain``               the most that accepted plants can serve, class by class
``reach``               whether an accepted chain runs through a plant
``equivalents``         kilograms of key product in everything else
``prices``              reference prices, how they move, and what dumping at a stage does
``plants``              the plants of a plan with their money
``weights``             how the field falls on stages
``draws``               draws of prices, capital and running cost
``terms``               support and dumping for a limited time
``package``             what the plants of a package leave when it has ended
``whole``               the loop of one chain: its branches on all draws
======================  ================================================================
"""
