from . import cr_club_merchant_book
from . import cr_club_tier_set
from . import cr_club_tier_trial
from . import cr_points_account_adjust
from . import cr_points_account_pass
from . import cr_prepaid_entry_book
from . import cr_event_invitation_refuse
