"""Quality (质检): rule documents, quantified standards, principles. Plans, sheets and reviews come later."""
