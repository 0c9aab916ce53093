#!/usr/bin/env python3
"""Prints one list of offers/machines.tsv: what a cloud offers in which region.

    tools/offers.py moto FOLDER        AWS, from the package moto (see offers/machines.tsv)
    tools/offers.py catalog FILE.csv   Google Cloud, from vms.csv of SkyPilot's catalog

To renew a list, replace its lines in offers/machines.tsv, and write the release and its date into its first line.
"""

import csv
import gzip
import json
import sys
from pathlib import Path

# The machine families of Google Cloud that are told by two words of a name: their GPUs differ.
BY_TWO_WORDS = ("a2-", "a3-", "a4-")
# Of the other families, those that the list tells of: others come in some sizes alone, each in other regions.
BY_ONE_WORD = ("e2", "g2", "n2")


def of_moto(folder):
    """Instance types by region, as EC2 answered to DescribeInstanceTypeOfferings."""
    for file in sorted(folder.glob("ec2/resources/instance_type_offerings/region/*.json.gz")):
        with gzip.open(file) as offers:
            names = {offer["InstanceType"] for offer in json.load(offers)}
        yield file.name.removesuffix(".json.gz"), names


def aws(folder):
    """Families of each region, and with a minus the types of these families that it lacks."""
    regions = dict(of_moto(folder))
    families = {}
    for name in set().union(*regions.values()):
        families.setdefault(name.split(".")[0], set()).add(name)
    for region, names in regions.items():
        offered = []
        for family, types in sorted(families.items()):
            if types & names:
                offered += [family, *(f"-{name}" for name in sorted(types - names))]
        yield region, offered


def gcp(file):
    """Families of each region. The catalog has the machine types that Compute Engine lists in each zone."""
    regions = {}
    for row in csv.DictReader(file.open()):
        if not row["InstanceType"]:
            continue
        offered = regions.setdefault(row["Region"], set())
        words = row["InstanceType"].split("-")
        if row["InstanceType"].startswith(BY_TWO_WORDS):
            offered.add("-".join(words[:2]))
        elif words[0] in BY_ONE_WORD:
            offered.add(words[0])
    for region, offered in sorted(regions.items()):
        yield region, sorted(offered)


def main():
    source, path = sys.argv[1:]
    lists = {"moto": aws, "catalog": gcp}
    for region, offered in lists[source](Path(path)):
        print(region, " ".join(offered), sep="\t")


if __name__ == "__main__":
    main()
