module usmesh.example/airgap/pause

go 1.26
