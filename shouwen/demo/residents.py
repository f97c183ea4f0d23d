"""The demo's residents and shops: who they are, where they live, what we know of them."""

from dataclasses import dataclass

from shouwen.accounts.models import Staff
from shouwen.customers.models import Asset, Customer
from shouwen.customers.operations import (
    add_asset,
    find_or_create_customer,
    set_flag,
    set_remarks,
    tag_customer,
)


@dataclass(frozen=True)
class Resident:
    """Somebody of the demo: name, phone, home, and what the team has written down."""

    name: str
    phone: str
    home: str
    tags: tuple[str, ...] = ("业主",)
    flag: str = ""
    flag_note: str = ""
    remarks: str = ""
    mail: str = ""


RESIDENTS = [
    Resident("周玉兰", "13817217719", "3栋 1单元 1102", ("业主", "重点关怀"), "red", "电梯投诉 30 天内第 3 次",
             "母亲 82 岁，轮椅；午休 12:30–14:00 勿扰", "zhouyulan@mail.example"),
    Resident("陈国强", "13901882046", "张江园区 B 座 602", ("租户",), mail="chengq@corp.example"),
    Resident("王建平", "13564022046", "5栋 2单元 803", remarks="习惯打电话，上午好找"),
    Resident("赵晓雯", "15026793318", "5栋 2单元 602", ("业主",), "blue", "等车位排号结果"),
    Resident("孙海燕", "13701634420", "1栋 1单元 301", ("业主", "优质客户")),
    Resident("吴志远", "18621087745", "2栋 3单元 1504", mail="wuzy@mail.example"),
    Resident("郑秀英", "13611982207", "3栋 2单元 201", ("业主", "重点关怀"), remarks="独居老人，子女在外地"),
    Resident("冯凯", "17721456690", "6栋 1单元 1201", ("租户",)),
    Resident("何美玲", "13918820563", "4栋 1单元 703", ("业主", "优质客户"), "yellow", "装修期，噪音投诉对象"),
    Resident("蒋文涛", "15900786612", "底商 12 号 便利店", ("商户",), mail="jiangwt@shop.example"),
    Resident("沈雅琴", "13764500981", "2栋 1单元 502"),
    Resident("韩雪", "18017329954", "6栋 2单元 904", ("租户",), mail="hanxue@mail.example"),
    Resident("杨立新", "13501771128", "1栋 2单元 1003", remarks="业委会成员，关注公共维修资金", mail="yanglx@mail.example"),
    Resident("朱敏芝", "13817760345", "4栋 2单元 401"),
    Resident("秦伟", "15821109937", "5栋 1单元 1402", ("业主",), "green", "已处理，满意"),
    Resident("许婷", "13916645578", "3栋 1单元 605", mail="xuting@mail.example"),
    Resident("何军", "13621877750", "2栋 2单元 1101"),
    Resident("吕佩", "18918834461", "底商 3 号 面馆", ("商户",), "purple", "油烟管道整改中"),
    Resident("施国栋", "13052309986", "6栋 1单元 302"),
    Resident("张晨曦", "15618732290", "4栋 1单元 1602", ("业主", "优质客户"), mail="zhangcx@mail.example"),
    Resident("孔德明", "13817004417", "1栋 1单元 1204"),
    Resident("曹慧", "13585627783", "5栋 2单元 305", ("租户",)),
    Resident("严淑芬", "13611753390", "3栋 2单元 102", ("业主", "重点关怀"), remarks="听力不好，请放慢语速"),
    Resident("David Miller", "15021997745", "6栋 2单元 1801", ("租户",), mail="d.miller@mail.example"),
]  # fmt: skip


def build_residents(by: Staff) -> list[Customer]:
    """Everybody has a file, with home, tags, flag and remarks."""
    return [_build(one, by) for one in RESIDENTS]


def _build(one: Resident, by: Staff) -> Customer:
    contacts = [("phone", one.phone)] + ([("mail", one.mail)] if one.mail else [])
    customer = find_or_create_customer(
        contacts=contacts, name=one.name, source=Customer.Source.IMPORT, by=by
    )
    add_asset(customer.pk, kind=Asset.Kind.FLAT, label=one.home, by=by)
    for tag in one.tags:
        tag_customer(customer.pk, name=tag, by=by)
    if one.flag:
        set_flag(customer.pk, flag=one.flag, note=one.flag_note, by=by)
    if one.remarks:
        set_remarks(customer.pk, text=one.remarks, by=by)
    return customer
