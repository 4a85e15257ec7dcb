"""A small case that tests write to disk and break in one place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

FILES: dict[str, str] = {
    "case.yaml": (
        "format: 1\nname: small\nperspective: USA\ncurrency: USD\nprice_year: 2025\n"
        "periods: [2025, 2026, 2028, 2031]\ndiscount_rate: 0.07\n"
    ),
    "stages.csv": "id,order\nmining,1\nmetal,2\n",
    "segments.csv": "id\ndefence\n",
    "countries.csv": "id,group\nUSA,domestic\nCHN,covered\n",
    "sites.csv": (
        "id,country,kind,lat,lon\nhill,USA,plant,35.5,-115.5\nusa,USA,pool,,\nchn,CHN,pool,,\n"
    ),
    "materials.csv": "id,stage,basis\nore,mining,gross\nbar,metal,metal\n",
    "processes.csv": "id,stage,reference_material\nsmelt,metal,bar\n",
    "recipes.csv": "process,material,direction,amount\nsmelt,ore,in,2.5\nsmelt,bar,out,1\n",
    "assets.csv": "id,site,process,nameplate_capacity,variable_cost\nmill,hill,smelt,1000,12.5\n",
    "options.csv": "id,adds_to,size,capital,build_years\ngrow,mill,500,20,2\n",
    "links.csv": "id,from,to,materials,cost\nout,hill,usa,bar,30\n",
    "suppliers.csv": (
        "id,step,year,country,material,offered,price,origin\n"
        "afar,1,2025,CHN,bar,100,50000,mining=CHN;metal=CHN\n"
        "afar,1,2028,CHN,bar,200,55000,\n"
        "afar,2,,CHN,bar,unlimited,90000,\n"
    ),
    "demands.csv": (
        "id,segment,country,year,amount,penalty\n"
        "army,defence,USA,2025,100,100000\narmy,defence,USA,2030,200,100000\n"
    ),
    "demand_materials.csv": "demand,material\narmy,bar\n",
    "scenarios.csv": "id,probability\ncalm,0.5\nban,0.5\nfalls,\n",
    "changes.csv": (
        "scenario,table,key,column,year,set,factor\n"
        "ban,suppliers,afar/1,offered,2027,0,\nban,suppliers,afar/1,offered,2029,,1\n"
        "falls,demands,army,amount,2028,,0.5\nfalls,assets,mill,availability,2026,0.4,\n"
    ),
    "assets-availability.csv": "year,mill\n2025,0.5\n2027,1\n",
    "sources.csv": "id,title\nreport,A report\n",
}

WriteCase = Callable[..., Path]


@pytest.fixture
def write_small(tmp_path: Path) -> WriteCase:
    """Write the small case; further files replace or join its own, None takes one out."""

    def write(changed: dict[str, str | bytes | None] | None = None, name: str = "small") -> Path:
        folder = tmp_path / name
        folder.mkdir(parents=True)
        for file, content in {**FILES, **(changed or {})}.items():
            if isinstance(content, bytes):
                (folder / file).write_bytes(content)
            elif content is not None:
                (folder / file).write_bytes(content.encode())
        return folder

    return write
