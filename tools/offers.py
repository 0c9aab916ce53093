#!/usr/bin/env python3
"""Prints one list of offers/machines.tsv: what a cloud offers in which region, and in which of its zones.

    tools/offers.py moto FOLDER        AWS, from the package moto (see offers/machines.tsv)
    tools/offers.py catalog FILE.csv   Google Cloud, from vms.csv of SkyPilot's catalog

To renew a list, replace its lines in offers/machines.tsv, and write the release and its date into its first line.
"""

import csv
import gzip
import json
import re
import sys
from pathlib import Path

# The machine families of Google Cloud that are told by two words of a name: their GPUs differ.
BY_TWO_WORDS = ("a2-", "a3-", "a4-")
# Of the other families, those that the list tells of: others come in some sizes alone, each in other regions.
BY_ONE_WORD = ("e2", "g2", "n2")


def of_moto(folder):
    """Types of each zone by region, as EC2 answered to DescribeInstanceTypeOfferings. Zones are told by their ids: what a
    letter means differs between accounts."""
    for file in sorted(folder.glob("ec2/resources/instance_type_offerings/availability-zone-id/*.json.gz")):
        zones = {}
        with gzip.open(file) as offers:
            for offer in json.load(offers):
                zone = offer["Location"].rsplit("-", 1)[1]
                zones.setdefault(zone, set()).add((offer["InstanceType"].split(".")[0], offer["InstanceType"]))
        yield file.name.removesuffix(".json.gz"), zones


def of_catalog(file):
    """The same of Google Cloud. The catalog has the machine types that Compute Engine lists in each zone. Zones for AI, such
    as us-south1-ai1b, are left out: no cluster gets one unless it asks."""
    regions = {}
    for row in csv.DictReader(file.open()):
        name, zone = row["InstanceType"], row["AvailabilityZone"].rsplit("-", 1)[-1]
        if not name or not re.fullmatch("[a-z]", zone):
            continue
        words = name.split("-")
        zones = regions.setdefault(row["Region"], {})
        offered = zones.setdefault(zone, set())
        if name.startswith(BY_TWO_WORDS):
            offered.add(("-".join(words[:2]), name))
        elif words[0] in BY_ONE_WORD:
            offered.add((words[0], words[0]))
    yield from sorted(regions.items())


def words(zones, families):
    """What a region offers, a word each."""
    for family, types in sorted(families.items()):
        here = {zone: offered & types for zone, offered in zones.items() if offered & types}
        if not here:
            continue
        yield family + ("" if len(here) == len(zones) else "@" + ",".join(sorted(here)))
        for name in sorted(types):
            lacking = sorted(zone for zone, offered in here.items() if name not in offered)
            if lacking:
                yield f"-{name[1]}" + ("" if len(lacking) == len(here) else "@" + ",".join(lacking))


def main():
    source, path = sys.argv[1:]
    regions = dict({"moto": of_moto, "catalog": of_catalog}[source](Path(path)))
    families = {}
    for zones in regions.values():
        for offer in set().union(*zones.values()):
            families.setdefault(offer[0], set()).add(offer)
    for region, zones in regions.items():
        print(region, ",".join(sorted(zones)), " ".join(words(zones, families)), sep="\t")


if __name__ == "__main__":
    main()
