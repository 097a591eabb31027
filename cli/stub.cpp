namespace { [[maybe_unused]] const int unused = 0; }
