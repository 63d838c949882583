from industry.forms.conditions import ConditionsForm

__all__ = ["ConditionsForm"]
