"""Test data of phrases."""

import factory
from factory.django import DjangoModelFactory

from shouwen.knowledge.models import Phrase
from shouwen.knowledge.sounds import fill_sounds


class PhraseFactory(DjangoModelFactory):
    """A phrase of the team, or of `owner`."""

    class Meta:
        model = Phrase

    title = factory.Sequence(lambda n: f"短语{n}")
    text = factory.SelfAttribute("title")

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        phrase = model_class(*args, **kwargs)
        fill_sounds(phrase)
        phrase.save()
        return phrase
