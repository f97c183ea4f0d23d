"""What happens when processes die: nothing acknowledged is lost, nothing shows twice."""
