"""Supporters of the public: asked on an open page, confirmed by letter, counted apart, erased whole."""
