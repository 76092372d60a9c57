"""Stories: what each persona did, one file each. The ends derive everything else from them."""
