"""What a study found: tables, sentences, figures and the page."""
