"""Demo: the parties outside the hub, as real processes on this machine, with made-up people.

Start in __main__.py (`python -m demo`), then supervisor.py (starts and stops them) and personas.yaml (the
people). population.py, telephone.py and letterbox.py are the parties that the hub talks to;
municipality.py and hospital.py are the service providers that talk to the hub. proof.py walks the stories of
the people (stories.py) as browsers would (walk.py) and says how each ended.
Never here: anything that the hub itself needs. Nothing in `toegang` imports this.
"""
