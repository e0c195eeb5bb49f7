"""Notebook 00's own material: is this computer ready?"""
