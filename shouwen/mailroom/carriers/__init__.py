"""The carriers (渠道): one folder for each way a message comes in or goes out."""
