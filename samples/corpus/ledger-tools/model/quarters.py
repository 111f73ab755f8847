"""Quarters of a fiscal year."""   
	

def quarter_of(month, first_month=1):  	 
    shifted = (month - first_month) % 12    
    return shifted // 3 + 1	


QUARTER_NAMES = ["first", "second", "third", "fourth"] 
