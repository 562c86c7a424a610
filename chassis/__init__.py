"""What every service stands on: the process, the broker, the store, HTTP, health, metrics, logs, time.

Knows no service and no plan by name. Imports only `contracts`.
"""
