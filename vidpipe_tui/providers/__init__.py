"""Where pictures, clips and storyboards come from: Protocols, and the providers that speak them."""
