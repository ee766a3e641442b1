"""The form of a person's photograph."""

from flask_babel import lazy_gettext as _l

from core.forms import FileField, required
from hr.people.forms.fields import PartForm


class PhotoForm(PartForm):
    """One picture, cut to 4 by 6 centimetres."""

    file = FileField(
        _l("Photograph"),
        validators=[required(_l("Choose a picture"))],
        kinds=("jpg", "jpeg", "png"),
        description=_l(
            "JPG or PNG, the face in the middle. It is cut to 4 × 6 cm; what the camera noted is dropped"
        ),
    )
