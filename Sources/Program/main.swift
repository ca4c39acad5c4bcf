print("pixelbytes")
