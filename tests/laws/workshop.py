"""A written case that uses everything the evaluator looks at, with a plan in which it matters.

Ore from two countries is refined at home, in two modes, and made into a good; scrap comes back
through a recycler whose site decides the origin. A dear demand asks for a class whose rules grow
stricter in 2027; the others may go short.
"""

from __future__ import annotations

from typing import Any

Tables = dict[str, list[dict[str, Any]]]

SETTINGS: dict[str, Any] = {
    "name": "workshop",
    "periods": [2025, 2026, 2027, 2029, 2032],
    "report_until": 2030,
    "discount_rate": 0.08,
    "discounting": "mid",
}


def _rows(columns: str, *rows: str) -> list[dict[str, Any]]:
    names = columns.split(",")
    return [dict(zip(names, row.split(","), strict=True)) for row in rows]


TABLES: Tables = {
    "countries": _rows("id,group", "USA,domestic", "AUS,allied", "CHN,covered"),
    "stages": _rows("id,order", "mining,1", "refining,2", "recycling,3", "making,4"),
    "segments": _rows("id,priority", "first,1", "rest,2"),
    "projects": _rows("id", "north", "south"),
    "elements": _rows("id,oxide_factor", "E1,0.8", "E2,0.9"),
    "materials": _rows(
        "id,stage,basis,gross_per_t,tradable",
        "ore,mining,oxide,2,yes",
        "mid,refining,gross,1,yes",
        "side,refining,gross,1,yes",
        "smoke,,gross,1,no",
        "acid,,gross,1,yes",
        "good,making,gross,1,yes",
        "scrap,,gross,1,yes",
    ),
    "compositions": _rows(
        "material,element,mass_fraction,counted_as",
        "ore,E1,0.25,oxide",
        "ore,E2,0.1,element",
        "mid,E1,0.5,element",
        "side,E2,0.2,element",
        "good,E1,0.25,element",
        "scrap,E1,0.2,element",
    ),
    "processes": _rows(
        "id,stage,reference_material,origin",
        "mine,mining,ore,inherit",
        "refine,refining,mid,inherit",
        "make,making,good,inherit",
        "recycle,recycling,mid,site",
    ),
    "recipes": _rows(
        "process,mode,material,direction,amount",
        "mine,main,ore,out,1",
        "refine,plain,ore,in,3",
        "refine,plain,mid,out,1",
        "refine,plain,side,out,0.5",
        "refine,plain,smoke,out,0.2",
        "refine,sour,ore,in,2.6",
        "refine,sour,acid,in,0.1",
        "refine,sour,mid,out,1",
        "refine,sour,side,out,0.4",
        "refine,sour,smoke,out,0.3",
        "make,main,mid,in,0.6",
        "make,main,good,out,1",
        "make,main,scrap,out,0.2",
        "recycle,main,scrap,in,3",
        "recycle,main,mid,out,1",
    ),
    "modes": _rows("process,mode,capacity_use,variable_cost,first_year", "refine,sour,1.2,15,2026"),
    "sites": _rows(
        "id,country,kind,lat,lon",
        "pit,AUS,plant,-30,120",
        "hill,USA,plant,35,-115",
        "works,USA,plant,30,-95",
        "home,USA,pool,40,-90",
        "port,CHN,port,30,120",
    ),
    "assets": _rows(
        "id,site,process,project,status,nameplate_capacity,least_activity,first_year,last_year,"
        "turndown,fixed_cost,variable_cost,care_cost,restart_cost,reserve",
        "pit-mine,pit,mine,north,operating,400,100,,,,,10,,,2000",
        "hill-mine,hill,mine,south,mothballed,200,,,,,0.0004,30,0.0001,0.002,",
        "works-refine,works,refine,south,operating,60,,,2028,,0.0003,20,,,",
        "works-spare,works,refine,south,operating,30,,,,0.4,,25,0.0002,0.0005,",
        "works-make,works,make,south,planned,0,,,,,0.0006,30,,,",
        "works-recycle,works,recycle,south,construction,8,,2027,,,,40,,,",
        "shut,works,make,south,closed,500,,,,,,1,,,",
    ),
    "assets-availability": _rows("year,pit-mine,works-make", "2025,0.6,1", "2027,0.9,0.95"),
    "options": _rows(
        "id,adds_to,size,most,capital,capital_years,permit_years,build_years,ramp,latest,requires,"
        "excludes,life,financing_rate,financing_years,public_share",
        "o-make,works-make,60,2,0.012,0.4;0.6,0,2,0.5;1,,,,20,,,0.25",
        "o-refine,works-refine,40,1,0.006,,1,1,,2029,,,12,0.06,4,0",
        "o-line,line,80,1,0.0004,,0,0,,,o-refine,,,,,0",
        "o-tram,line,90,1,0.0009,,0,0,,,,o-line,,,,0",
    ),
    "options-capital": _rows("year,o-make", "2026,0.011"),
    "links": _rows(
        "id,from,to,materials,cost,capacity,least,last_year",
        "line,hill,works,ore,3,90,,",
        "ship,pit,works,ore,25,300,20,",
        "old,works,home,side,1,,,2026",
    ),
    "links-cost": _rows("year,ship", "2027,28"),
    "link_rules": _rows(
        "id,from,to,materials,allow,fixed_cost,cost_per_km,distance_factor,first_year",
        "out,kind:plant&USA,home,,yes,4,0.01,1.3,",
        "dear,domestic,home,,yes,30,,,",
        "back,home,works,scrap;mid,yes,6,,,",
        "sea,port,home,,yes,40,,,",
        "ban,covered,domestic,mid,no,,,,2027",
    ),
    "tariffs": _rows(
        "from,to,material,year,rate,amount",
        "covered,domestic,good,2025,0.1,",
        "CHN,USA,good,2026,,60",
        "CHN,USA,good,2029,0.3,",
        "allied,domestic,ore,,,2",
    ),
    "prices": _rows("material,date,price,place", "good,2025,600,CHN", "good,2031,900,CHN"),
    "suppliers": _rows(
        "id,step,year,site,country,material,offered,price,origin",
        "abroad,1,2025,port,,good,30,500,",
        "abroad,1,2028,port,,good,10,620,",
        "abroad,2,2025,port,,good,15,900,",
        "clean,1,,,USA,good,6,1500,mining=AUS;refining=AUS",
        "traders,1,2026,,,acid,unlimited,50,",
        "waste,1,2027,works,,scrap,20,30,",
    ),
    "buyers": _rows(
        "id,step,year,site,country,material,most,price",
        "sides,1,,,USA,side,10,80",
        "sides,2,2027,,USA,side,5,40",
        "stack,1,,works,,smoke,,-15",
        "export,1,2027,,,good,12,700",
    ),
    "demands": _rows(
        "id,segment,country,year,amount,class,penalty",
        "guard,first,USA,2025,8,rule,5000",
        "guard,first,USA,2031,20,rule,5000",
        "cars,rest,USA,2025,40,any,1200",
        "cars,rest,USA,2029,70,any,1400",
        "must,rest,USA,2026,2,any,",
    ),
    "demand_materials": _rows(
        "demand,material,amount,extra_cost,first_year",
        "guard,good,1,,",
        "cars,good,1.1,12,",
        "cars,mid,0.9,400,2027",
        "must,good,1,,",
    ),
    "origin_classes": _rows("id,order", "pure,1", "rule,2"),
    "origin_rules": _rows(
        "class,stage,groups,from_date",
        "pure,mining,domestic;allied,",
        "pure,refining,domestic;allied,",
        "pure,recycling,domestic,",
        "pure,making,domestic,",
        "rule,making,domestic;allied;covered,2019-04-30",
        "rule,mining,domestic;allied,2027-06-01",
        "rule,refining,domestic;allied,2027-06-01",
    ),
    "origin_exceptions": _rows("class,stage,material,to_date", "pure,recycling,mid,2028-12-31"),
    "stocks": _rows(
        "id,site,material,opening,most,holding_cost,fill_cost",
        "bin,home,good,6,40,20,5",
        "heap,works,mid,12,25,8,2",
        "old-heap,works,side,9,,4,",
    ),
    "limits": _rows(
        "id,scope,target,material,kind,year,amount",
        "money,all,,,capital,2026,0.015",
        "state,public,,,capital,,0.003",
        "owners,project,south,,capital,,0.02",
        "crews,country,USA,,starts,,1",
        "ships,country,USA,ore,imports,,250",
        "sold,all,,good,exports,2027,8",
        "air,project,south,smoke,emissions,2027,22",
    ),
    "targets": _rows("id,segment,share,class,year", "t1,first,0.8,pure,2029"),
}
