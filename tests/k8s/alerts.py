"""When each alert fires: what a network's programs say from minute to minute, and which alerts there are after half an hour. And what
a dashboard's panels show then."""

import json
import pathlib
import re
import subprocess
import tempfile

import yaml

END = "30m"
PROGRAMS = [f"{component}-{n}" for component in ("controller", "router") for n in (0, 1)]
CAUSES = "ABCDE"
# series of a network that is well: metric and what tells them apart beside the pod, by component
WELL = {
    "controller": {"up": "1", "postern_database_up": "1", "postern_routers_connected": "2", "postern_channels kind=control": "2",
                   "postern_links": "1", "postern_model_index": "7", "postern_circuit_created_total": "0+60",
                   "postern_api_session_refused_total": "0+60"}
    | {f"postern_circuit_failed_total cause={cause}": "0+1" for cause in CAUSES},
    "router": {"up": "1", "postern_links": "1", "postern_model_index": "7", "postern_channels kind=control": "2"},
}
# programs that are none of ours, and carry labels like ours
FOREIGN = {
    'up{namespace="ingress",app_kubernetes_io_instance="nginx",app_kubernetes_io_component="controller"}': "1",
    'up{namespace="postern",app_kubernetes_io_instance="nginx",app_kubernetes_io_component="controller"}': "1",
    'up{namespace="mesh",app_kubernetes_io_instance="mesh",app_kubernetes_io_component="router"}': "0",
}
# what is otherwise, as patterns over "pod metric label=value" with values (None: not there), and the alerts that it makes
CASES = {
    "all is well": ({}, []),
    "a controller of two is gone": ({"controller-0": None}, []),
    "a controller of two does not answer": ({"controller-0 up": "0", "controller-0 postern": None}, []),
    "no controller answers": ({"controller-. up": "0", "controller-. postern": None}, ["PosternControllerDown"]),
    "the controllers' pods are gone": ({"controller": None}, ["PosternControllerDown"]),
    "everything is gone": ({"": None}, ["PosternControllerDown"]),
    "a controller has no database": ({"controller-0 postern_database_up": "0"}, ["PosternDatabaseDown"]),
    "a router has no control channel": ({"router-0 postern_channels": "0", "controller-. postern_routers_connected": "1"},
                                        ["PosternRouterDisconnected"]),
    "a router does not answer": ({"router-0 up": "0", "router-0 postern": None}, ["PosternRouterDisconnected"]),
    "the routers' pods are gone": ({"router": None, "controller-. postern_routers_connected": "0"}, ["PosternRoutersGone"]),
    "routers have no link": ({"router-. postern_links": "0", "controller-. postern_links": "0"}, ["PosternNoLinks"]),
    "the only router has no link": ({"router-1": None, "controller-. postern_links": "0", "router-0 postern_links": "0"}, []),
    "half of the dials fail, by one cause": ({"failed_total cause=A": "0+60"}, ["PosternDialsFail"]),
    "half of the dials fail, by five causes": ({"failed_total": "0+12"}, ["PosternDialsFail"]),
    "all dials fail": ({"created_total": "0+0", "failed_total cause=C": "0+3"}, ["PosternDialsFail"]),
    "nobody dials": ({"created_total": "0+0", "failed_total": "0+0"}, []),
    "logins are refused, ten a second": ({"controller-0 postern_api_session_refused_total": "0+600"}, ["PosternAuthenticationRefused"]),
    "a router's model is behind": ({"router-1 postern_model_index": "6"}, ["PosternModelBehind"]),
}


# what panels show of a network that is well, by their legend; controllers and routers have metrics of the same names
SHOWN = {"Links": 1, "Circuits": 7, "Terminators": 4, "API Sessions": 6}
SAID = {"controller-0": {"postern_circuits": 3, "postern_terminators": 4, "postern_api_sessions": 6},
        "controller-1": {"postern_circuits": 4, "postern_terminators": 4, "postern_api_sessions": 6},
        "router-0": {"postern_circuits": 5}, "router-1": {"postern_circuits": 5}}


def selector(metric, namespace, name, pod, further=()):
    labels = {"namespace": namespace, "app_kubernetes_io_instance": name, "app_kubernetes_io_part_of": "postern",
              "app_kubernetes_io_component": pod[:-2], "pod": f"{name}-{pod}"} | dict(further)
    return f"{metric}{{{','.join(f'{key}={json.dumps(value)}' for key, value in labels.items())}}}"


def network(namespace, name, changes):
    series = {}
    for pod in PROGRAMS:
        component = pod[:-2]
        for said, values in WELL[component].items():
            for pattern, other in changes.items():
                if re.search(pattern, f"{pod} {said}"):
                    values = other
            if values is None:
                continue
            metric, *further = said.split(" ")
            series[selector(metric, namespace, name, pod, dict(each.split("=") for each in further))] = values
    return series


def case(name, changes, fire, narrow):
    series = FOREIGN | network("postern", "postern", changes)
    where = ', namespace="postern"'
    if narrow or changes != {"": None}:
        series |= network("second", "other", {})
    else:  # rules for any network see that the last of them is gone, and cannot say which
        where = ""
    return {
        "name": name, "interval": "1m",
        "input_series": series_of(series),
        "promql_expr_test": [{"expr": 'max by (alertname, namespace) (ALERTS{alertstate="firing"})', "eval_time": END,
                              "exp_samples": [{"labels": f'{{alertname="{alert}"{where}}}', "value": 1} for alert in fire]}],
    }


def spoken(rules, alert, changes, further, summary):
    """What an alert that fires says: its summary is made when it does."""
    rule = next(rule for group in rules["groups"] for rule in group["rules"] if rule["alert"] == alert)
    labels = rule["labels"] | {"namespace": "postern", "app_kubernetes_io_instance": "postern"} | further
    return case(summary, changes, [alert], True) | {"alert_rule_test": [
        {"alertname": alert, "eval_time": END,
         "exp_alerts": [{"exp_labels": labels, "exp_annotations": rule["annotations"] | {"summary": summary}}]}]}


def series_of(values):
    return [{"series": each, "values": f"{value if '+' in value else value + '+0'}x30"} for each, value in values.items()]


def drawn(promtool, dashboard):
    """What is wrong with a dashboard's panels: each name and problem."""
    targets = {target["legendFormat"]: target["expr"] for panel in dashboard["panels"] for target in panel["targets"]}
    whole = 'app_kubernetes_io_part_of="postern",namespace=~"$namespace",app_kubernetes_io_instance=~"$installation"'
    asked = [expr for panel in dashboard["panels"] for expr in (target["expr"] for target in panel["targets"])]
    yield "every number is one of the installation that was chosen", "; ".join(
        expr for expr in asked if expr.count("{") != expr.count(whole) or not expr.count("{"))
    values = network("postern", "postern", {}) | network("second", "other", {})
    values |= {selector(metric, "postern", "postern", pod): str(value) for pod, said in SAID.items() for metric, value in said.items()}
    values |= {selector(metric, "second", "other", pod): "90" for pod, said in SAID.items() for metric in said}
    queries = [{"expr": targets[legend].replace("$namespace", "postern").replace("$installation", ".*"), "eval_time": END,
                "exp_samples": [{"labels": "{}", "value": value}]} for legend, value in SHOWN.items()]
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "file.yaml"
        rules = [{"record": f"panel:{number}", "expr": expr} for number, expr in enumerate(asked)]
        file.write_text(json.dumps({"groups": [{"name": "panels", "rules": rules}]}))
        yield "promtool takes what panels ask", told(promtool, "check", "rules", "--lint=none", str(file))
        file.write_text(json.dumps({"evaluation_interval": "1m", "tests": [
            {"interval": "1m", "input_series": series_of(values), "promql_expr_test": queries}]}))
        yield "what controllers and routers both count is counted once", told(promtool, "test", "rules", str(file))


def told(*command):
    outcome = subprocess.run(command, capture_output=True, text=True)
    return None if outcome.returncode == 0 else outcome.stdout + outcome.stderr


def tried(promtool, rules, narrow):
    """Tries the rules, which are everybody's or narrowed to one installation: name and problem of each case."""
    cases = [case(name, changes, fire, narrow) for name, (changes, fire) in CASES.items()]
    cases.append(spoken(rules, "PosternDialsFail", {"failed_total cause=D": "0+60"}, {},
                        "More than a tenth of the dials fail, most often by D."))
    router = {"app_kubernetes_io_part_of": "postern", "app_kubernetes_io_component": "router", "pod": "postern-router-1"}
    cases.append(spoken(rules, "PosternRouterDisconnected", {"router-1 up": "0", "router-1 postern": None}, router,
                        "Edge router postern-router-1 has no control channel, or does not answer."))
    with tempfile.TemporaryDirectory() as folder:
        (pathlib.Path(folder) / "rules.yaml").write_text(yaml.safe_dump(rules))
        for each in cases:
            file = pathlib.Path(folder) / "test.yaml"
            file.write_text(json.dumps({"rule_files": ["rules.yaml"], "evaluation_interval": "1m", "tests": [each]}))
            yield each["name"], told(promtool, "test", "rules", str(file))
    known = {rule["alert"] for group in rules["groups"] for rule in group["rules"]}
    yield "every alert is tried", ", ".join(sorted(known - {alert for _, fire in CASES.values() for alert in fire}))
