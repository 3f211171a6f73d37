"""The benchmark's row job in OpenFisca: openfisca_rows.py TABLE.csv COLUMNS OPERATIONS

COLUMNS are the table's value columns, with commas between; OPERATIONS as in the documents
rows-N.md (each variable multiplies and adds), 0 for one multiplication by 2.66. Prints the total.
"""
import sys

import numpy
from openfisca_core.periods import DateUnit
from openfisca_core.simulations import SimulationBuilder
from openfisca_core.variables import Variable
from openfisca_country_template import CountryTaxBenefitSystem
from openfisca_country_template.entities import Person

PERIOD = "2024"


def make(variable_name, body=None):
    members = {"value_type": float, "entity": Person, "definition_period": DateUnit.YEAR}
    if body:
        members["formula"] = body
    return type(variable_name, (Variable,), members)


def chain(previous):
    return lambda person, period: person(previous, period) * 0.5 + person("bench_1", period)


def main():
    path, columns, operations = sys.argv[1], sys.argv[2].split(","), int(sys.argv[3])
    with open(path, encoding="utf-8") as file:
        header = file.readline().rstrip("\n").split(",")
    places = [header.index(column) for column in columns]
    values = numpy.loadtxt(path, delimiter=",", skiprows=1, usecols=places, ndmin=2)
    system = CountryTaxBenefitSystem()
    for number in range(len(columns)):
        system.add_variable(make(f"bench_{number}"))
    last = "v0"
    if operations == 0:
        system.add_variable(make("v0", lambda person, period: person("bench_0", period) * 2.66))
    else:
        system.add_variable(make("v0", lambda person, period: person("bench_0", period)))
        for number in range(1, operations // 2 + 1):
            last = f"v{number}"
            system.add_variable(make(last, chain(f"v{number - 1}")))
    simulation = SimulationBuilder().build_default_simulation(system, count=len(values))
    for number in range(len(columns)):
        simulation.set_input(f"bench_{number}", PERIOD, values[:, number])
    print(simulation.calculate(last, PERIOD).astype(numpy.float64).sum())


main()
