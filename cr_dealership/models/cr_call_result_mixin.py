from odoo import fields, models
from odoo.exceptions import LockError, UserError

from ..tools.identity import clean_phone, mask_phone

# What the agent may correct in the customer's file during the call (CUS-20).
EDITABLE_FIELDS = (
    "name",
    "mobile",
    "phone",
    "email",
    "street",
    "birthdate_date",
    "cr_gender",
    "cr_marital",
    "cr_residence",
    "cr_employer",
    "cr_occupation",
    "cr_need_class",
    "cr_preferred_hours",
)


class CrCallResultMixin(models.AbstractModel):
    """What the agent records in a conversation: outcome, corrections, dialling."""

    _name = "cr.call.result.mixin"
    _description = "Conversation: outcome"

    # === OUTCOME === #

    def set_outcome(
        self,
        outcome_id,
        callback_ids,
        note=None,
        next_at=None,
        phone=None,
        take_next=True,
        answers=None,
        case_answers=None,
        spoken_ids=None,
    ):
        """Record how the call ended, carry out what follows and close the conversation.

        :param outcome_id: id of the `cr.call.outcome`
        :param callback_ids: ids of the callbacks that were talked about; may be empty
            when the customer was not reached: then all of the conversation
        :param next_at: UTC moment, "YYYY-MM-DD HH:MM:SS", of the next try
        :param phone: index in the customer's numbers, or the number itself; after a
            wrong number: the right one, if whoever answered named it
        :param take_next: take the next card at once
        :param answers: {callback id: {"reason_id", "note", "topic_ids"}}: what the
            customer said to the care calls, and what he was told
        :param case_answers: {case id: {"reason_id", "note"}}: what was said to the
            other due lines of the household
        :param spoken_ids: ids of the members spoken to beside the customer
        :return: {"message": text, "next": client action or False,
            "offer": {"purpose", "text"} or False}
        """
        session = self._check_mine()
        self._lock()
        outcome = self.env["cr.call.outcome"].browse(outcome_id).exists()
        if not outcome:
            raise UserError(
                self.env._("Choose how the call ended from the list of outcomes.")
            )
        callbacks = self._get_chosen(outcome, callback_ids)
        now = fields.Datetime.now()
        moment = self._get_next_moment(outcome, callbacks, now, next_at)
        said, spoken = self._check_household(outcome, case_answers, spoken_ids)
        cards = self.env["cr.care.case"].union(*said)._get_free_cards()
        values = self._prepare_attempt(
            outcome, callbacks | cards, now, moment, note, phone
        )
        values["spoken_ids"] = [fields.Command.set(spoken.ids)]
        has_right_number = outcome.kind == "wrong" and self._take_right_number(phone)
        # Raised rights: calls are recorded only through a conversation.
        attempt = self.env["cr.call.attempt"].sudo().create(values).sudo(False)
        callbacks._apply_attempt(attempt, "right_number" if has_right_number else None)
        callbacks._record_answers(answers or {})
        self._record_household(attempt, said, cards)
        session.note = note or session.note
        self._close("outcome")
        return {
            "message": self._get_result_text(outcome, callbacks, moment),
            "next": self._get_next_action() if take_next else False,
            "offer": self._get_offer(outcome, callbacks),
        }

    def _lock(self):
        """Lock the conversation; a second click must not record a second call."""
        try:
            self.lock_for_update()
        except LockError as error:
            raise UserError(
                self.env._("This call is just being saved; wait a moment.")
            ) from error

    def _get_chosen(self, outcome, callback_ids):
        """Return the callbacks that the outcome is about, checked."""
        self.ensure_one()
        mine = self._get_open_callbacks()
        chosen = mine.filtered(lambda callback: callback.id in set(callback_ids or ()))
        if callback_ids and len(chosen) != len(set(callback_ids)):
            raise UserError(
                self.env._(
                    "A chosen callback of %(customer)s is no longer open; load the page"
                    " again.",
                    customer=self.partner_id.name,
                )
            )
        if outcome.kind == "reached" and not chosen:
            raise UserError(
                self.env._(
                    "Choose at least one callback that you talked about with"
                    " %(customer)s.",
                    customer=self.partner_id.name,
                )
            )
        today = mine._get_today()
        return chosen or mine.filtered(lambda callback: callback.earliest_on <= today)

    def _get_next_moment(self, outcome, callbacks, now, next_at):
        """Return the UTC moment of the next try, or None."""
        wish = fields.Datetime.to_datetime(next_at)
        if outcome.kind not in ("retry", "appointment"):
            return None
        if outcome.kind == "appointment" and not wish:
            raise UserError(
                self.env._(
                    "Say when %(customer)s wants to be called.",
                    customer=self.partner_id.name,
                )
            )
        if wish and wish <= now:
            raise UserError(
                self.env._(
                    "%(moment)s has passed; choose a later time for the next call.",
                    moment=callbacks._format_moment(wish),
                )
            )
        return wish or callbacks._get_next_try(outcome, now)[0]

    def _prepare_attempt(self, outcome, callbacks, now, moment, note, phone):
        """Return the values of the call that was made."""
        return {
            "company_id": (callbacks[:1].company_id or self.company_id).id,
            "session_id": self.id,
            "agent_id": self.env.uid,
            "partner_id": self.partner_id.id,
            "at": now,
            "part_id": callbacks._get_part(now).id,
            # After a wrong number `phone` is the right one, not the one dialled.
            "phone": mask_phone(
                self._get_number(None if outcome.kind == "wrong" else phone)
            ),
            "outcome_id": outcome.id,
            "outcome_kind": outcome.kind,
            "note": note,
            "next_at": moment,
            "callback_ids": [fields.Command.set(callbacks.ids)],
        }

    def _get_next_action(self):
        """Return the workplace of the next card, or False."""
        action = self.env["cr.callback"].take_next()
        return action if action["tag"] == "cr_call_workplace" else False

    def _take_right_number(self, phone):
        """Take the right number into the file, if it is one.

        :return: whether there was one
        """
        mobile, landline, _notes = clean_phone(phone if isinstance(phone, str) else "")
        if mobile or landline:
            self.partner_id.write(
                {
                    "mobile" if mobile else "phone": mobile or landline,
                    **self.partner_id._cr_prepare_stamp(),
                }
            )
        return bool(mobile or landline)

    def _get_result_text(self, outcome, callbacks, moment):
        """Return in words what the outcome did."""
        customer = self.partner_id.name
        if callbacks.filtered(lambda callback: callback.state == "lost"):
            return self.env._(
                "%(customer)s cannot be reached any more; a lost contact was opened.",
                customer=customer,
            )
        if callbacks.filtered(lambda callback: callback.state == "todo"):
            return self.env._(
                "%(customer)s has a new number; call it now or later.",
                customer=customer,
            )
        if moment:
            return self.env._(
                "%(outcome)s: %(customer)s will be called again %(moment)s.",
                outcome=outcome.name,
                customer=customer,
                moment=callbacks._format_moment(moment),
            )
        return self.env._(
            "%(outcome)s: %(count)s callbacks of %(customer)s are done.",
            outcome=outcome.name,
            count=len(callbacks),
            customer=customer,
        )

    # === REFUSAL === #

    def _get_offer(self, outcome, callbacks):
        """Return the offer to record that the customer wants no such calls."""
        if outcome.kind != "refused" or not callbacks:
            return False
        purpose = callbacks[0].purpose
        labels = dict(callbacks._fields["purpose"]._description_selection(self.env))
        return {
            "purpose": purpose,
            "text": self.env._(
                "Record that %(customer)s does not want these calls: %(purpose)s",
                customer=self.partner_id.name,
                purpose=labels[purpose],
            ),
        }

    def record_opt_out(self, purpose, reason=None):
        """Record that the customer of my conversation wants no calls of this kind."""
        self.ensure_one()
        self.check_access("read")
        if self.agent_id != self.env.user:
            raise UserError(
                self.env._("Only the agent who talked with the customer records it.")
            )
        if purpose not in {"all", *self.callback_ids.mapped("purpose")}:
            raise UserError(
                self.env._(
                    "%(customer)s was not called for this; record the wish in his"
                    " file.",
                    customer=self.partner_id.name,
                )
            )
        self.partner_id._cr_record_wish(
            "refused", purpose=purpose, means="call", reason=reason
        )
        return True

    # === NUMBERS AND FILE === #

    def _get_phones(self):
        """Return the customer's numbers, the mobile first."""
        self.ensure_one()
        partner = self.partner_id
        labels = {name: partner._fields[name] for name in ("mobile", "phone")}
        numbers = {}
        for name, field in labels.items():
            if partner[name]:
                numbers.setdefault(
                    partner[name],
                    {
                        "label": field._description_string(self.env),
                        "masked": mask_phone(partner[name]),
                        "tel": "tel:" + partner[name].replace(" ", ""),
                    },
                )
        return list(numbers.values())

    def _get_number(self, phone):
        """Return the number that was dialled: by index, as given, or the first."""
        phones = self._get_phones()
        if isinstance(phone, str):
            return phone
        index = phone or 0
        return phones[index]["tel"][4:] if 0 <= index < len(phones) else ""

    def log_dial(self, phone_index):
        """Log that I dial a number of the customer (SEC-03).

        :return: the number as a "tel:" address
        """
        session = self._check_mine()
        phones = self._get_phones()
        if not 0 <= phone_index < len(phones):
            raise UserError(
                self.env._(
                    "%(customer)s has no such number any more; load the page again.",
                    customer=self.partner_id.name,
                )
            )
        self.env["cr.access.log"]._log(
            "dial",
            "res.partner",
            self.partner_id.id,
            detail=phones[phone_index]["label"],
        )
        session.last_active_at = fields.Datetime.now()
        return phones[phone_index]["tel"]

    def update_customer(self, values):
        """Correct the customer's file during the call and stamp it as verified.

        :param values: {field: value}, fields of EDITABLE_FIELDS only
        :return: the customer's part of `get_workplace`
        """
        session = self._check_mine()
        if foreign := set(values) - set(EDITABLE_FIELDS):
            raise UserError(
                self.env._(
                    "%(field)s is not changed in a call; open the customer's file.",
                    field=min(foreign),
                )
            )
        partner = self.partner_id.with_context(cr_dealership_channel="phone")
        partner.write(values)
        partner._cr_stamp_verified()
        session.last_active_at = fields.Datetime.now()
        return self._get_customer_data()
