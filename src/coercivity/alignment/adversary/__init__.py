"""An adversary with a budget of lost margin: he dumps a product, and plants idle or close."""

from coercivity.alignment.adversary.answered import Answered, Ending, Round, answered, harm
from coercivity.alignment.adversary.attacks import Attack, Exposure, attack_grid, exposures_of
from coercivity.alignment.adversary.ban import Ban, BanResponse, ban_grid, best_ban
from coercivity.alignment.adversary.dumping import under_attack
from coercivity.alignment.adversary.response import (
    Field,
    Hit,
    Outcome,
    Response,
    Side,
    best_response,
)
from coercivity.alignment.adversary.service import Served, Service
from coercivity.alignment.adversary.standing import standing_share

__all__ = [
    "Answered",
    "Ending",
    "Round",
    "answered",
    "harm",
    "Attack",
    "Ban",
    "BanResponse",
    "Exposure",
    "Field",
    "Hit",
    "Outcome",
    "Response",
    "Served",
    "Service",
    "Side",
    "attack_grid",
    "ban_grid",
    "best_ban",
    "best_response",
    "exposures_of",
    "standing_share",
    "under_attack",
]
