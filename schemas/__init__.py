"""What the data is: records, their Arrow schemas, geometry, ids, errors and the recipe. Imports nothing of ours."""
