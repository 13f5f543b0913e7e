from . import cr_club_conversion
from . import cr_points_settlement_xlsx
