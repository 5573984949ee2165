"""Foreign: parties of the demo on software that is not ours, each in an environment of its own.

Start in site.py (a website of a few lines) and pages.py (the look of all pages). portal.py is a health portal
on django-digid-eherkenning, practice.py a GP practice on python3-saml or behind Apache, pass_.py an identity
provider on pysaml2, bank.py nanoidp. guests.py, one folder up, furnishes and starts them.
Never here: anything that is not in the environment of the party itself; of ours only words.py.
"""
