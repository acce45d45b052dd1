"""The OpenAPI document: what each route takes and answers, a file for each part of the API."""
