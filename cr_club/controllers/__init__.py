from . import cr_club_card
from . import cr_club_reward
from . import cr_event
