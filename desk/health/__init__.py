"""Is a source as it used to be? Pure: what was observed goes in, what is abnormal comes out."""
