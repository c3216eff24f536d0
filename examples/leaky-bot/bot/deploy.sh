#!/bin/sh
# password of the dashboard
export DASHBOARD_PASSWORD='Ik6zaNi9XOd751'
exec python arbitrage.py
