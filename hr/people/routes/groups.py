"""The form of one group of a person's file."""

from flask import Response
from flask_babel import gettext as _

from core.permissions import Permission, requires
from core.web import done, viewer
from hr.people.groups import actions, queries
from hr.people.groups.forms import form_of
from hr.people.routes.blueprint import bp, file_url, form_page, open_file, opened


@bp.route("/<uid:person>/groups/<string:group>", methods=["GET", "POST"])
@requires(Permission.PERSON_EDIT)
def edit_group(person: str, group: str) -> Response:
    chosen = queries.find_group(group)
    found, form_class = open_file(person), form_of(group)
    form = opened(form_class(obj=queries.row_of(found, chosen)), found)
    form.theirs = lambda: form_class(formdata=None, obj=queries.row_of(found, chosen))
    if form.validate_on_submit():
        values = {name: value or None for name, value in form.values().items()}
        sent = {"group": chosen, "values": values, "version": form.opened_version}
        if form.attempt(actions.edit_group, by=viewer(), person=found, **sent):
            return done(file_url(found, "groups"), _("Saved"))
    return form_page(form, found, [(None, chosen.names)], title=chosen.label, submit=_("Save"))
