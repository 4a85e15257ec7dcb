"""From a case, or what a plan decided, to the cash of each project and its appraisal.

======================  ================================================================
file                    gives
======================  ================================================================
``chains``              what the plants of a project make of each other's products
``operation``           output, purchases, cost and capital of a project by year
``from_case``           an `Operation` from a case: its own options once, at availability
``from_activity``       an `Operation` from what a plan builds and runs
``book``                which price a material has where, and its paths
``markets``             what of a by-product finds a buyer, at what price
``pricing``             a price, a buyer and a freight for all that is sold or bought
``contract_terms``      the numbers of a contract as the tables have them
``agreements``          contracts of the tables, as contracts of this room
``asked``               what owners, lenders and law ask, from the tables
``cash``                the cash of an operation on paths of prices and technical draws
``position``            a project ready to be appraised
``missing``             the price that is missing
``running_dry``         when money that was raised, earned and lent is gone
``tornado``             what moves the worth of a project
======================  ================================================================
"""
