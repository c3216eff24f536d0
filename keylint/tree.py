"""stub"""
def judge_tree(*a): return []
